using Serverless.Training.Heads;

namespace Serverless.Training.Fitting;

/// <summary>How well each penalty does on rows that its classifier has not seen, in folds that have each class in its share.</summary>
internal static class CrossValidation
{
    /// <summary>Lower bounds what one row that was sure and wrong may count.</summary>
    private const double LeastProbability = 1e-12;

    public static IReadOnlyList<PenaltyScore> Run(TrainingSet set, TrainingOptions options, int seed, CancellationToken cancellationToken)
    {
        int[] foldOf = Deal(set, options.Folds, seed);
        return [.. options.Penalties.Select(penalty => Judge(set, foldOf, options.Folds, penalty, cancellationToken))];
    }

    /// <summary>The least loss; of equal ones the stronger penalty.</summary>
    public static PenaltyScore Choose(IReadOnlyList<PenaltyScore> scores) =>
        scores.OrderBy(score => score.LogLoss).ThenByDescending(score => score.Penalty).First();

    private static PenaltyScore Judge(TrainingSet set, int[] foldOf, int folds, double penalty, CancellationToken cancellationToken)
    {
        double loss = 0;
        int right = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            int[] learnt = [.. Enumerable.Range(0, set.Rows).Where(row => foldOf[row] != fold)];
            LinearHead head = SoftmaxRegression.Fit(set, learnt, penalty, cancellationToken);
            foreach (int row in Enumerable.Range(0, set.Rows).Where(row => foldOf[row] == fold))
            {
                double[] probabilities = head.Apply(set.VectorOf(row));
                loss -= Math.Log(Math.Max(probabilities[set.ClassOf(row)], LeastProbability));
                right += Array.IndexOf(probabilities, probabilities.Max()) == set.ClassOf(row) ? 1 : 0;
            }
        }
        return new PenaltyScore(penalty, loss / set.Rows, (double)right / set.Rows);
    }

    /// <summary>Each class shuffled, then dealt to one fold after the other.</summary>
    private static int[] Deal(TrainingSet set, int folds, int seed)
    {
        Random random = new(seed);
        int[] foldOf = new int[set.Rows];
        int next = 0;
        foreach (IGrouping<int, int> ofClass in Enumerable.Range(0, set.Rows).GroupBy(set.ClassOf).OrderBy(group => group.Key))
        {
            int[] rows = [.. ofClass];
            random.Shuffle(rows);
            foreach (int row in rows)
            {
                foldOf[row] = next++ % folds;
            }
        }
        return foldOf;
    }
}
