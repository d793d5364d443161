/** Finds the page of a folder of results, and the index of many. */
package org.diagonal.eval.reports;
