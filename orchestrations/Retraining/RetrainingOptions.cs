using System.ComponentModel.DataAnnotations;
using Serverless.Training;

namespace Serverless.Orchestrations.Retraining;

/// <summary>By what versions are trained.</summary>
public sealed class RetrainingOptions
{
    /// <summary>
    /// A program and its arguments, in which {input}, {output} and {seed} stand for the folders and the number; empty by default: our own
    /// trainer of heads over captured vectors. The program finds data.parquet and card.json in the input folder, and leaves a model package
    /// in the folder "package" of the output folder and, if it wants, lineage.json beside it. A container is one too: docker run -v ….
    /// </summary>
    public IList<string> Command { get; set; } = [];

    /// <summary>Of our own trainer.</summary>
    public TrainingOptions Head { get; set; } = new();

    /// <summary>The program is ended then; default 25 minutes, less than the host gives a function (functionTimeout).</summary>
    [Range(typeof(TimeSpan), "00:00:10", "12:00:00")]
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(25);

    /// <summary>Where the folders lie; default a folder of the system's temporary files.</summary>
    [Required]
    public string WorkFolder { get; set; } = Path.Combine(Path.GetTempPath(), "serverless-retraining");
}
