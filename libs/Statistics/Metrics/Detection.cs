namespace Serverless.Statistics.Metrics;

/// <summary>A box in an image's pixels, from its upper left corner, and what it holds.</summary>
public readonly record struct LabelledBox(double X, double Y, double Width, double Height, string Label)
{
    /// <summary>Intersection over union, 0 to 1.</summary>
    public double Overlap(LabelledBox other)
    {
        double width = Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X);
        double height = Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y);
        double common = Math.Max(width, 0) * Math.Max(height, 0);
        double union = (Width * Height) + (other.Width * other.Height) - common;
        return union > 0 ? common / union : 0;
    }
}

public readonly record struct DetectedBox(LabelledBox Box, double Score);

public static class Detection
{
    /// <summary>
    /// Mean over the labels of the average precision: the area under precision by recall, precision being made to fall only (Everingham
    /// et al. 2015, Pascal VOC from 2010 on). A box is right when it overlaps a wanted one of its label that no better box has taken.
    /// </summary>
    public static Metric MeanAveragePrecision(
        IReadOnlyList<IReadOnlyList<LabelledBox>> wanted,
        IReadOnlyList<IReadOnlyList<DetectedBox>> found,
        double overlap = 0.5
    )
    {
        string[] labels =
        [
            .. wanted.SelectMany(w => w).Select(b => b.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        LabelBoxes[] curves = [.. labels.Select(label => LabelBoxes.Match(label, wanted, found, overlap))];
        return new Metric($"mAP@{overlap}", wanted.Count, weights =>
        {
            double sum = 0;
            int seen = 0;
            foreach (LabelBoxes curve in curves)
            {
                double precision = curve.AveragePrecision(weights);
                if (double.IsNaN(precision))
                {
                    continue;
                }
                sum += precision;
                seen++;
            }
            return seen == 0 ? double.NaN : sum / seen;
        });
    }

    /// <summary>
    /// All boxes of one label, the best scores first, each with its image and whether it is right; a box is matched inside its image, so
    /// whatever counts, matches stay.
    /// </summary>
    private sealed class LabelBoxes(int[] wantedOf, (int Item, bool Right)[] ranked)
    {
        public static LabelBoxes Match(
            string label,
            IReadOnlyList<IReadOnlyList<LabelledBox>> wanted,
            IReadOnlyList<IReadOnlyList<DetectedBox>> found,
            double overlap
        )
        {
            List<(double Score, int Item, bool Right)> boxes = [];
            int[] wantedOf = new int[wanted.Count];
            for (int item = 0; item < wanted.Count; item++)
            {
                LabelledBox[] free = [.. wanted[item].Where(b => b.Label == label)];
                bool[] taken = new bool[free.Length];
                wantedOf[item] = free.Length;
                foreach (DetectedBox box in found[item].Where(b => b.Box.Label == label).OrderByDescending(b => b.Score))
                {
                    int best = free.Length == 0 ? -1 : Enumerable.Range(0, free.Length).MaxBy(i => free[i].Overlap(box.Box));
                    bool right = best >= 0 && free[best].Overlap(box.Box) >= overlap && !taken[best];
                    if (right)
                    {
                        taken[best] = true;
                    }
                    boxes.Add((box.Score, item, right));
                }
            }
            return new LabelBoxes(wantedOf, [.. boxes.OrderByDescending(b => b.Score).Select(b => (b.Item, b.Right))]);
        }

        public double AveragePrecision(ReadOnlySpan<int> weights)
        {
            long all = 0;
            for (int i = 0; i < wantedOf.Length; i++)
            {
                all += (long)weights[i] * wantedOf[i];
            }
            if (all == 0)
            {
                return double.NaN;
            }
            List<(double Recall, double Precision)> curve = [];
            long right = 0,
                seen = 0;
            foreach ((int item, bool isRight) in ranked)
            {
                if (weights[item] == 0)
                {
                    continue;
                }
                seen += weights[item];
                if (isRight)
                {
                    right += weights[item];
                }
                curve.Add(((double)right / all, (double)right / seen));
            }
            double area = 0,
                height = 0;
            for (int i = curve.Count - 1; i >= 0; i--)
            {
                height = Math.Max(height, curve[i].Precision);
                area += height * (curve[i].Recall - (i == 0 ? 0 : curve[i - 1].Recall));
            }
            return area;
        }
    }
}
