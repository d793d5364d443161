/** What the commands do: resolve models and texts, train, evaluate, compare. */
package org.diagonal.eval.job;
