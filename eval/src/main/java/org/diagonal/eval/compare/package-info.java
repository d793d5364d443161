/**
 * Compares arms or models: the job, the record that is {@code compare.json}, its page and its text.
 */
package org.diagonal.eval.compare;
