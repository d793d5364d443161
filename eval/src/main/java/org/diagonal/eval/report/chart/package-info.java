/** Charts: what they show, laid out once, and written as SVG or as PNG. */
package org.diagonal.eval.report.chart;
