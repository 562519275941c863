using System.ComponentModel.DataAnnotations;

namespace Serverless.Exports;

/// <summary>How exports are made.</summary>
public sealed class ExportsOptions
{
    /// <summary>Where rows lie while they are sorted; default a folder of the system's temporary files.</summary>
    [Required]
    public string SpoolFolder { get; set; } = Path.Combine(Path.GetTempPath(), "serverless-exports");

    /// <summary>
    /// Disk that one export may take while it is made; default 4 GiB, some 4 million rows without vectors or 1 million with vectors of 384
    /// dimensions. A 128th of it is in memory at a time; a process makes one export at a time.
    /// </summary>
    [Range(1 << 20, 1L << 40)]
    public long MaxSpoolBytes { get; set; } = 4L << 30;
}
