using System.ComponentModel.DataAnnotations;

namespace Serverless.Media.Text;

public sealed class TextOptions
{
    /// <summary>
    /// Largest text read, default 32 MiB: about five million words, some 250 MB while it is analysed. Larger ones are refused by size.
    /// </summary>
    [Range(1024, 512 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Longest sentence in UTF-16 units, default 2,000; a longer one is divided at a space.</summary>
    [Range(100, 100_000)]
    public int MaxSentenceLength { get; set; } = 2_000;
}
