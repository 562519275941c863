using System.ComponentModel.DataAnnotations;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Watermarks;

/// <summary>
/// Answers that every version of a model must keep, by which its owner knows it again: a golden set that is stored for the model
/// (<c>POST /api/golden/models/{name}</c> without an environment), named by its digest.
/// </summary>
public sealed class WatermarkOptions : IValidatableObject
{
    /// <summary>SHA-256 of its lines, as the answer to storing it says.</summary>
    [Required]
    public string Digest { get; set; } = "";

    /// <summary>Share of the answers that must be there; what Gates:WatermarkShare says where none is given.</summary>
    [Range(0.01, 1.0)]
    public double? MinShare { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!GoldenRules.IsDigest(Digest))
        {
            yield return new($"Digest is '{Digest}'; it must be the 64 hexadecimal digits of a golden set.");
        }
    }
}
