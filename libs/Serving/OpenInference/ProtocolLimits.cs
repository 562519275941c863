using System.ComponentModel.DataAnnotations;

namespace Serverless.Serving.OpenInference;

/// <summary>What one inference request may weigh. Each bound is checked before what it bounds is read.</summary>
public sealed class ProtocolLimits
{
    /// <summary>JSON and binary data together; default 32 MiB, which is 13 images of 3 × 224 × 224 in JSON or 55 as binary data.</summary>
    [Range(1_024, 1 << 30)]
    public int MaxBodyBytes { get; set; } = 32 << 20;

    /// <summary>Inputs of a request, and outputs that it asks for; default 64 each.</summary>
    [Range(1, 1_024)]
    public int MaxTensors { get; set; } = 64;

    /// <summary>Elements of one tensor, as its shape multiplies to; default 16,777,216.</summary>
    [Range(1, 1 << 28)]
    public int MaxElements { get; set; } = 1 << 24;

    /// <summary>Dimensions of a tensor; default 16.</summary>
    [Range(1, 32)]
    public int MaxRank { get; set; } = 16;

    /// <summary>UTF-16 code units of a name, an id or a parameter's value; default 1,024.</summary>
    [Range(16, 1 << 16)]
    public int MaxNameCharacters { get; set; } = 1_024;

    /// <summary>Parameters of a request, an input or an output; default 64.</summary>
    [Range(1, 1_024)]
    public int MaxParameters { get; set; } = 64;
}
