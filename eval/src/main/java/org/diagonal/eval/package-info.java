/** The entry point: {@code Main} lists the commands. */
package org.diagonal.eval;
