/** What a report consists of, and how it becomes one HTML file that needs nothing else. */
package org.diagonal.eval.report.page;
