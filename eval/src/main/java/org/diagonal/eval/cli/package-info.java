/** The command line: a class for each command, and the options they share. */
package org.diagonal.eval.cli;
