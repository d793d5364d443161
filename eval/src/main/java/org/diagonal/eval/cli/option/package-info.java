/** Groups of options that several commands share. */
package org.diagonal.eval.cli.option;
