using System.ComponentModel.DataAnnotations;

namespace Serverless.Words;

/// <summary>
/// Where the index of words is kept, and what it may take. All of it is derived: what is lost is read again from analyses.
/// </summary>
public sealed class WordOptions
{
    /// <summary>
    /// Folder on a local disk; null (the default) keeps the index in memory, about as many bytes as the texts have, and reads every
    /// analysis again at each start. Each process takes the first subfolder that no other has.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>MiB that what is not yet written to the folder may take, 32 by default. More makes larger and fewer files.</summary>
    [Range(1, 2_000)]
    public int WriterMegabytes { get; set; } = 32;

    /// <summary>How soon what was added is found, half a second by default. Sooner makes more and smaller files to merge.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan RefreshEvery { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How often the folder is made to survive a crash, 10 seconds by default; what came since is read again after one.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan CommitEvery { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How often the index is held against the ledger, 5 minutes by default: what other instances analysed or removed comes within seconds
    /// with its vectors, and what was missed of it then. Each time the ledger is listed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CatchUpEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Analyses read at once to catch up after a start, 4 by default. More is sooner done, and takes more from uploads.</summary>
    [Range(1, 64)]
    public int CatchUpReads { get; set; } = 4;
}
