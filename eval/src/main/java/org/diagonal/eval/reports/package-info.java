/** Makes the page of a folder of results, and the index of several. */
package org.diagonal.eval.reports;
