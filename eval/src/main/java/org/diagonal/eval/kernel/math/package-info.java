/**
 * The kernel of a random transformer on template tasks (Boix-Adserà et al. 2023, Section 4):
 * points, kernel, template matrix, ridge regression. Knows templates and linear algebra, no files
 * and no words.
 */
package org.diagonal.eval.kernel.math;
