using System.ComponentModel.DataAnnotations;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>Which models serve, and how they are run. Each is "name/version", a folder under ModelsRoot.</summary>
public sealed class InferenceOptions : RuntimeOptions
{
    [Required]
    public string ModelsRoot { get; set; } = "samples/models";

    [Required, RegularExpression(Reference)]
    public string TextEmbedding { get; set; } = "text-embedding/1";

    [Required, RegularExpression(Reference)]
    public string Entities { get; set; } = "entities/1";

    [Required, RegularExpression(Reference)]
    public string ImageLabels { get; set; } = "image-labels/1";

    [Required, RegularExpression(Reference)]
    public string ImageEmbedding { get; set; } = "image-embedding/1";

    /// <summary>Bounds on model packages, which are untrusted.</summary>
    public ModelLimits Limits { get; set; } = ModelLimits.Default;

    private const string Reference = @"^[A-Za-z0-9][A-Za-z0-9._\-]*/[A-Za-z0-9][A-Za-z0-9._\-]*$";
}
