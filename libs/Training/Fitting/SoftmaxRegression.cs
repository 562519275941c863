using Serverless.Training.Heads;

namespace Serverless.Training.Fitting;

/// <summary>Multinomial logistic regression.</summary>
internal static class SoftmaxRegression
{
    public static LinearHead Fit(TrainingSet set, int[] rows, double penalty, CancellationToken cancellationToken)
    {
        SoftmaxObjective objective = new(set, rows, penalty);
        LbfgsResult found = Lbfgs.Minimise(objective.Evaluate, new double[objective.Parameters], cancellationToken);
        int weights = set.Classes.Count * set.Dimensions;
        return new LinearHead(
            set.Classes,
            set.Dimensions,
            [.. found.Point.Take(weights).Select(value => (float)value)],
            [.. found.Point.Skip(weights).Select(value => (float)value)]
        );
    }
}
