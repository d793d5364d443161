/** Results for people: text for the terminal. */
package org.diagonal.eval.report;
