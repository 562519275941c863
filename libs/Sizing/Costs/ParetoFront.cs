namespace Serverless.Sizing.Costs;

/// <summary>Of things with two costs, those that no other betters in one without being worse in the other.</summary>
public static class ParetoFront
{
    /// <summary>By rising first cost; of equals the first.</summary>
    public static IReadOnlyList<T> Of<T>(IEnumerable<T> items, Func<T, double> first, Func<T, double> second)
    {
        List<T> front = [];
        double best = double.PositiveInfinity;
        foreach (T item in items.OrderBy(first).ThenBy(second))
        {
            if (second(item) < best)
            {
                front.Add(item);
                best = second(item);
            }
        }
        return front;
    }
}
