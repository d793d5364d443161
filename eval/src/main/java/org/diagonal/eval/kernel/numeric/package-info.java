/**
 * Numerical methods of the kernel computations: eigenvalues, quadrature, quasi-random points,
 * parallel loops.
 */
package org.diagonal.eval.kernel.numeric;
