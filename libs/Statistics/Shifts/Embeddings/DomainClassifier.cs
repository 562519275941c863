namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>
/// Whether a classifier can tell which window a row is from (Lopez-Paz and Oquab 2017, "Revisiting classifier two-sample tests"), here
/// ridge regression in five folds, which finds whatever moves the mean. The statistic is the area under the ROC curve, the mean of the
/// folds': 0.5 where nothing tells the windows apart, 1 where all does. Its p-value is by permutation of the windows over the same rows
/// and folds, hence exact. The effect is 2·AUC - 1, at least 0. The same seed gives the same result. Memory: <see cref="RidgeFolds"/>.
/// </summary>
public static class DomainClassifier
{
    public const int Folds = 5;

    /// <summary>Of either window, so that a fold has both windows nearly always.</summary>
    public const int MinRows = 20;

    public static ShiftResult Test(EmbeddingRows reference, EmbeddingRows current, int permutations, int seed)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 1);
        if (Math.Min(reference.Count, current.Count) < MinRows)
        {
            return ShiftResult.NotEnoughData;
        }
        PooledRows rows = new(reference, current);
        if (!AnyDiffer(rows))
        {
            return ShiftResult.NoDifference;
        }
        Random random = new(seed);
        int[] folds = [.. Enumerable.Range(0, rows.Count).Select(i => i % Folds)];
        random.Shuffle(folds);
        RidgeFolds ridge = new(rows, folds, Folds);
        float[] labels = [.. Enumerable.Range(0, rows.Count).Select(i => i < rows.ReferenceCount ? 0f : 1f)];
        double auc = Auc(ridge, folds, labels);
        int asMuch = 1;
        for (int b = 0; b < permutations; b++)
        {
            random.Shuffle(labels);
            asMuch += Auc(ridge, folds, labels) >= auc - 1e-9 ? 1 : 0;
        }
        return new ShiftResult(auc, asMuch / (permutations + 1.0), Math.Max(0, (2 * auc) - 1));
    }

    private static bool AnyDiffer(PooledRows rows)
    {
        for (int i = 1; i < rows.Count; i++)
        {
            if (!rows[i].SequenceEqual(rows[0]))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The mean over the folds that hold rows of both windows.</summary>
    private static double Auc(RidgeFolds ridge, int[] folds, float[] labels)
    {
        float[] predictions = new float[labels.Length];
        ridge.Predict(labels, predictions);
        double sum = 0;
        int known = 0;
        for (int fold = 0; fold < Folds; fold++)
        {
            double auc = Auc(predictions, labels, folds, fold);
            if (!double.IsNaN(auc))
            {
                sum += auc;
                known++;
            }
        }
        return known == 0 ? 0.5 : sum / known;
    }

    /// <summary>
    /// How often a current row is predicted above one of the reference, equal ones counting half (Mann and Whitney 1947; equals
    /// scikit-learn's <c>roc_auc_score</c>).
    /// </summary>
    private static double Auc(float[] predictions, float[] labels, int[] folds, int fold)
    {
        List<float> first = [],
            second = [];
        for (int i = 0; i < labels.Length; i++)
        {
            if (folds[i] == fold)
            {
                (labels[i] == 0 ? first : second).Add(predictions[i]);
            }
        }
        first.Sort();
        second.Sort();
        long twice = 0;
        int below = 0,
            upTo = 0;
        foreach (float value in second)
        {
            while (below < first.Count && first[below] < value)
            {
                below++;
            }
            while (upTo < first.Count && first[upTo] <= value)
            {
                upTo++;
            }
            twice += below + upTo;
        }
        return twice / (2.0 * first.Count * second.Count);
    }
}
