package org.diagonal.plugin.finetune;

import java.util.OptionalDouble;

/**
 * Where the training of a model stands that is written now.
 *
 * @param state steps, tokens, and the best evaluation so far
 * @param maxSteps optimizer steps that were asked for
 * @param validLoss loss per target of this very model on validation, if it was measured
 */
public record Standing(TrainingState state, int maxSteps, OptionalDouble validLoss) {}
