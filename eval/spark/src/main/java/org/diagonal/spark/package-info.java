/** Trials on Apache Spark: a driver whose tasks start one process each. */
package org.diagonal.spark;
