namespace Serverless.Tokenizers.Pipeline;

internal static class PairTruncation
{
    /// <summary>How many tokens of each text are kept so that both fit into <paramref name="room"/>.</summary>
    public static (int First, int Second) Share(int first, int second, int room, TruncationStrategy strategy)
    {
        long excess = (long)first + second - room;
        if (excess <= 0)
        {
            return (first, second);
        }
        switch (strategy)
        {
            case TruncationStrategy.OnlyFirst when excess <= first:
                return ((int)(first - excess), second);
            case TruncationStrategy.OnlySecond when excess <= second:
                return (first, (int)(second - excess));
            case TruncationStrategy.LongestFirst:
                return ShareFairly(first, second, room);
            default:
                throw new ArgumentException(
                    $"{first} + {second} tokens do not fit into {room} by cutting with the strategy {strategy} alone."
                );
        }
    }

    /// <summary>The shorter text stays whole if it takes at most half; else both get half, and the longer the odd token.</summary>
    private static (int First, int Second) ShareFairly(int first, int second, int room)
    {
        int half = room / 2;
        if (Math.Min(first, second) <= half)
        {
            return first <= second ? (first, room - first) : (room - second, second);
        }
        return first <= second ? (half, room - half) : (room - half, half);
    }
}
