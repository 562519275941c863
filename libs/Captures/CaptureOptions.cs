using System.ComponentModel.DataAnnotations;

namespace Serverless.Captures;

/// <summary>How predictions are captured.</summary>
public sealed class CaptureOptions : IValidatableObject
{
    /// <summary>
    /// Share of predictions that are captured, chosen by their id; default 1, all. Comparisons and feedback are never sampled out.
    /// Guardrails need samples: at 0.1 they take ten times as long to see the same fault.
    /// </summary>
    [Range(0.0, 1.0)]
    public double SampleRate { get; set; } = 1;

    /// <summary>Rates of single models, by name, in place of <see cref="SampleRate"/>.</summary>
    public Dictionary<string, double> SampleRates { get; set; } = [];

    /// <summary>
    /// Records that wait to be written; default 8,192. With what one of them may weigh it bounds the memory: 8,192 × 16 KiB is
    /// 128 MiB at most, about 8 MiB as records go. What comes when it is full is dropped, and counted.
    /// </summary>
    [Range(1, 1 << 20)]
    public int MaxPending { get; set; } = 8_192;

    /// <summary>A longer line is not written, and counts as failed; default 16 KiB.</summary>
    [Range(1_024, 1 << 20)]
    public int MaxLineBytes { get; set; } = 16 << 10;

    /// <summary>Lines, uncompressed, that are held until they are written, of all models together; default 8 MiB.</summary>
    [Range(1 << 16, 1 << 28)]
    public int MaxBatchBytes { get; set; } = 8 << 20;

    /// <summary>A record waits no longer than this for others; default 5 seconds. Longer gives fewer and larger objects.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The same while a rollout is on, whose guardrails wait for the records; default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RolloutFlushInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>One try to write one object; default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>An object that could not be written for so long is given up, and its lines count as failed; default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a stopping host waits for what is pending; default 4 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan DrainLimit { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Whether the beginnings of texts are captured; default false. They may be personal data.</summary>
    public bool Payloads { get; set; }

    /// <summary>UTF-16 code units of a captured text; default 500.</summary>
    [Range(1, 4_000)]
    public int MaxPayloadCharacters { get; set; } = 500;

    /// <summary>
    /// Share of predictions whose whole vector is captured, rounded to 5 digits, up to 1,024 dimensions; default 0.1. A vector of 384
    /// dimensions takes 3 KB; without any, drift of embeddings is not seen. Vectors say something of the texts that they were made of.
    /// </summary>
    [Range(0.0, 1.0)]
    public double EmbeddingShare { get; set; } = 0.1;

    public double RateOf(string model) => SampleRates.TryGetValue(model, out double rate) ? rate : SampleRate;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        SampleRates
            .Where(rate => rate.Value is not (>= 0 and <= 1))
            .Select(rate => new ValidationResult($"SampleRates:{rate.Key} is {rate.Value}; allowed are 0 to 1."));
}
