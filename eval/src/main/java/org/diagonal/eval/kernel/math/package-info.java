/**
 * The kernel of a random transformer on template tasks, after Section 4 of the paper: points,
 * kernel, template matrix, ridge regression. Knows templates and linear algebra, no files and no
 * words.
 */
package org.diagonal.eval.kernel.math;
