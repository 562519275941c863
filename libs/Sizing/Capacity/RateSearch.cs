namespace Serverless.Sizing.Capacity;

/// <summary>
/// Finds the highest rate that holds: upwards until one does not, downwards until one does, then between the two, always by ratios. One
/// asker; each answer of <see cref="Tell"/> moves <see cref="Next"/>.
/// </summary>
/// <param name="first">The rate to begin with.</param>
/// <param name="growth">By which the rate is raised, or lowered, while only one side is known; above 1.</param>
/// <param name="least">Below this rate nothing is tried.</param>
/// <param name="most">Above this rate nothing is tried.</param>
public sealed class RateSearch(double first, double growth, double least = 1, double most = double.PositiveInfinity)
{
    /// <summary>The highest rate that held; 0 where none has.</summary>
    public double Best { get; private set; }

    /// <summary>The lowest rate that did not hold; null where all have.</summary>
    public double? Failed { get; private set; }

    public double Next { get; private set; } = Math.Clamp(first, least, most);

    /// <summary>Whether only one side is known, and there is a rate left to try on the other.</summary>
    public bool IsOpen => Failed is null ? Best < most : Best == 0 && Failed > least;

    /// <summary>Whether the two sides are this near to each other, as a share of the lower one, or nothing is left to try.</summary>
    public bool IsWithin(double share) => !IsOpen && (Best == 0 || Failed is not { } failed || failed <= Best * (1 + share));

    /// <summary>What became of <see cref="Next"/>.</summary>
    public void Tell(bool held)
    {
        if (held)
        {
            Best = Math.Max(Best, Next);
        }
        else
        {
            Failed = Math.Min(Failed ?? Next, Next);
        }
        double next =
            Failed is not { } failed ? Next * growth
            : Best == 0 ? failed / growth
            : Math.Sqrt(Best * failed);
        Next = Math.Clamp(next, least, most);
    }
}
