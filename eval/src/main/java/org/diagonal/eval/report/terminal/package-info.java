/** Tables and phrases for the terminal. */
package org.diagonal.eval.report.terminal;
