using Serverless.Training.Fitting;
using Serverless.Training.Heads;

namespace Serverless.Training;

/// <summary>How a penalty did on rows that its classifier had not seen.</summary>
/// <param name="LogLoss">Mean negative log-likelihood, in nats.</param>
/// <param name="Accuracy">Share of rows whose most likely class is right.</param>
public sealed record PenaltyScore(double Penalty, double LogLoss, double Accuracy);

/// <summary>A classifier and how it came to be.</summary>
/// <param name="Chosen">Of the scores, the one of the penalty that the head was trained with, on all rows.</param>
public sealed record TrainedHead(LinearHead Head, PenaltyScore Chosen, IReadOnlyList<PenaltyScore> Scores);

/// <summary>
/// Trains a classifier of vectors: multinomial logistic regression whose penalty is chosen by cross-validation. The same rows, options and
/// seed give the same head on the same kind of processor.
/// </summary>
public static class HeadTrainer
{
    /// <exception cref="TrainingRefusedException">A class has too few rows, or the vectors are none.</exception>
    public static TrainedHead Train(
        IReadOnlyList<(float[] Vector, string Class)> rows,
        TrainingOptions options,
        int seed,
        CancellationToken cancellationToken
    )
    {
        TrainingSet set = TrainingSet.Create(rows, Math.Max(options.MinRowsOfClass, options.Folds));
        IReadOnlyList<PenaltyScore> scores = CrossValidation.Run(set, options, seed, cancellationToken);
        PenaltyScore chosen = CrossValidation.Choose(scores);
        LinearHead head = SoftmaxRegression.Fit(set, [.. Enumerable.Range(0, set.Rows)], chosen.Penalty, cancellationToken);
        return new TrainedHead(head, chosen, scores);
    }
}
