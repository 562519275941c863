namespace Serverless.Statistics.Metrics;

/// <summary>One label for each item: what was wanted, and what was found, null where the model gave none.</summary>
public static class Classification
{
    /// <summary>The share of items whose label was found.</summary>
    public static Metric Accuracy(IReadOnlyList<string> wanted, IReadOnlyList<string?> found) =>
        Metric.Mean("accuracy", [.. wanted.Zip(found, (w, f) => w == f ? 1.0 : 0.0)]);

    /// <summary>
    /// The mean of the labels' F1 (Opitz and Burst 2019, "averaged F1"; scikit-learn's f1_score with average="macro"). Labels that are
    /// neither wanted nor found among what counts do not take part.
    /// </summary>
    public static Metric MacroF1(IReadOnlyList<string> wanted, IReadOnlyList<string?> found)
    {
        Dictionary<string, int> labels = wanted
            .Concat(found.OfType<string>())
            .Distinct(StringComparer.Ordinal)
            .Select((label, i) => (label, i))
            .ToDictionary(l => l.label, l => l.i, StringComparer.Ordinal);
        int[] want = [.. wanted.Select(w => labels[w])];
        int[] give = [.. found.Select(f => f is null ? -1 : labels[f])];
        return new Metric("macro F1", want.Length, weights =>
        {
            var tallies = new F1Tally[labels.Count];
            for (int i = 0; i < want.Length; i++)
            {
                bool hit = want[i] == give[i];
                tallies[want[i]] = tallies[want[i]].Add(hit ? weights[i] : 0, 0, hit ? 0 : weights[i]);
                if (!hit && give[i] >= 0)
                {
                    tallies[give[i]] = tallies[give[i]].Add(0, weights[i], 0);
                }
            }
            double sum = 0;
            int seen = 0;
            foreach (F1Tally tally in tallies)
            {
                if (tally.IsEmpty)
                {
                    continue;
                }
                sum += tally.F1;
                seen++;
            }
            return seen == 0 ? double.NaN : sum / seen;
        });
    }

    /// <summary>F1 of all labels of all items together, for items with any number of labels (scikit-learn's average="micro").</summary>
    public static Metric MicroF1(IReadOnlyList<IReadOnlySet<string>> wanted, IReadOnlyList<IReadOnlySet<string>> found) =>
        F1Tally.Metric("micro F1", [.. wanted.Zip(found, (w, f) =>
                {
                    int hits = f.Count(w.Contains);
                    return new F1Tally(hits, f.Count - hits, w.Count - hits);
                })]);
}

/// <summary>What was found rightly, found wrongly, and missed.</summary>
internal readonly record struct F1Tally(long Hits, long Wrong, long Missed)
{
    public bool IsEmpty => Hits + Wrong + Missed == 0;

    /// <summary>
    /// 2PR / (P + R), written so that it is known where P or R is not (van Rijsbergen 1979); 1 where there was nothing to find and nothing
    /// was found.
    /// </summary>
    public double F1 => IsEmpty ? 1 : 2.0 * Hits / ((2 * Hits) + Wrong + Missed);

    public F1Tally Add(long hits, long wrong, long missed) => new(Hits + hits, Wrong + wrong, Missed + missed);

    public static Metric Metric(string name, F1Tally[] tallies) => new(name, tallies.Length, weights =>
        {
            F1Tally sum = default;
            long count = 0;
            for (int i = 0; i < tallies.Length; i++)
            {
                sum = sum.Add(weights[i] * tallies[i].Hits, weights[i] * tallies[i].Wrong, weights[i] * tallies[i].Missed);
                count += weights[i];
            }
            return count == 0 ? double.NaN : sum.F1;
        });
}
