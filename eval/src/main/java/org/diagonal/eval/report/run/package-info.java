/** Reads what commands have left in their folders, and says what a report shows of it. */
package org.diagonal.eval.report.run;
