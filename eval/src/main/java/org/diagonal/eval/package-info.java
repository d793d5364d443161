/** Measurements, reports and the command line: the only module that sees the others. */
package org.diagonal.eval;
