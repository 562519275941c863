using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>Texts to be embedded, cut from the sample chronicle.</summary>
internal static class BenchTexts
{
    private const double TokensPerWord = 1.4; // of the chronicle by the sample's tokenizer

    /// <summary>
    /// From three words to a full window; as many short as long ones on a logarithmic scale, as lengths of texts tend to be.
    /// </summary>
    public static string[] Mixed(int count, int maxTokens, int seed) => Make(count, 3, (int)(maxTokens / TokensPerWord), seed);

    /// <summary>Of three to eight words, as people type into a search box.</summary>
    public static string[] Queries(int count, int seed) => Make(count, 3, 8, seed);

    private static string[] Make(int count, int least, int most, int seed)
    {
        string[] words = File.ReadAllText(Path.Combine(Checkout.SamplesMedia, "chronicle-of-port-alder.txt"))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Random random = new(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    int length = (int)Math.Round(least * Math.Pow((double)most / least, random.NextDouble())),
                        start = random.Next(words.Length - length);
                    return string.Join(' ', words, start, length);
                }),
        ];
    }
}
