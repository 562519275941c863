using Serverless.Training.Heads;

namespace Serverless.Training.Fitting;

/// <summary>How well each penalty does on rows that its classifier has not seen, in folds that have each class in its share.</summary>
internal static class CrossValidation
{
    /// <summary>Bounds what one row may count that was sure and wrong.</summary>
    private const double LeastProbability = 1e-12;

    private const int Unused = -1;

    public static IReadOnlyList<PenaltyScore> Run(TrainingSet set, TrainingOptions options, int seed, CancellationToken cancellationToken)
    {
        int[] foldOf = Deal(set, options, seed);
        return [.. options.Tried.Select(penalty => Judge(set, foldOf, options.Folds, penalty, cancellationToken))];
    }

    /// <summary>The least loss; of equal ones the stronger penalty.</summary>
    public static PenaltyScore Choose(IReadOnlyList<PenaltyScore> scores) =>
        scores.OrderBy(score => score.LogLoss).ThenByDescending(score => score.Penalty).First();

    private static PenaltyScore Judge(TrainingSet set, int[] foldOf, int folds, double penalty, CancellationToken cancellationToken)
    {
        double loss = 0;
        int right = 0,
            judged = 0;
        for (int fold = 0; fold < folds; fold++)
        {
            int[] learnt = [.. Enumerable.Range(0, set.Rows).Where(row => foldOf[row] != fold && foldOf[row] != Unused)];
            LinearHead head = SoftmaxRegression.Fit(set, learnt, penalty, cancellationToken);
            foreach (int row in Enumerable.Range(0, set.Rows).Where(row => foldOf[row] == fold))
            {
                double[] probabilities = head.Apply(set.VectorOf(row));
                loss -= Math.Log(Math.Max(probabilities[set.ClassOf(row)], LeastProbability));
                right += Array.IndexOf(probabilities, probabilities.Max()) == set.ClassOf(row) ? 1 : 0;
                judged++;
            }
        }
        return new PenaltyScore(penalty, loss / judged, (double)right / judged);
    }

    /// <summary>Each class shuffled, then its share of the rows dealt to one fold after the other.</summary>
    private static int[] Deal(TrainingSet set, TrainingOptions options, int seed)
    {
        Random random = new(seed);
        double share = Math.Min(1, (double)options.MaxValidatedRows / set.Rows);
        int[] foldOf = new int[set.Rows];
        Array.Fill(foldOf, Unused);
        int next = 0;
        foreach (IGrouping<int, int> ofClass in Enumerable.Range(0, set.Rows).GroupBy(set.ClassOf).OrderBy(group => group.Key))
        {
            int[] rows = [.. ofClass];
            random.Shuffle(rows);
            foreach (int row in rows.Take(Math.Max(options.Folds, (int)Math.Ceiling(share * rows.Length))))
            {
                foldOf[row] = next++ % options.Folds;
            }
        }
        return foldOf;
    }
}
