/**
 * From names to local folders: bundled on the class path, in the cache, or downloaded into it.
 *
 * <p>{@link Hub} is the door. The other rooms deal with paths only, and this one depends on none of
 * them.
 */
package org.diagonal.eval.hub;
