namespace Serverless.Inference.Detection;

/// <summary>
/// Of boxes that overlap keeps the best: greedy non-maximum suppression as in torchvision.ops.nms and batched_nms (a box goes when its
/// intersection over union with a better one that stays is above the threshold).
/// </summary>
internal static class NonMaximumSuppression
{
    /// <summary>More boxes than this are cut to the best before they are compared, since the work grows with the square.</summary>
    public const int MaxCandidates = 4_096;

    /// <summary>The boxes that stay, highest score first, of equals the earlier. Reads lazily: taking few is little work.</summary>
    public static IEnumerable<ScoredBox> Select(List<ScoredBox> boxes, float threshold, bool acrossLabels)
    {
        ScoredBox[] ordered = [.. boxes.OrderByDescending(b => b.Score).Take(MaxCandidates)];
        var kept = new List<ScoredBox>();
        foreach (ScoredBox box in ordered)
        {
            if (kept.Exists(k => (acrossLabels || k.Label == box.Label) && ScoredBox.Overlap(k, box) > threshold))
            {
                continue;
            }
            kept.Add(box);
            yield return box;
        }
    }
}
