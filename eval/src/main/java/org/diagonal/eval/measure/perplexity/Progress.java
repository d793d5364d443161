package org.diagonal.eval.measure.perplexity;

/**
 * How far a measurement is.
 *
 * @param windows windows scored
 * @param ofWindows windows in all
 * @param targets targets scored
 * @param nats their nats
 */
public record Progress(long windows, long ofWindows, long targets, double nats) {}
