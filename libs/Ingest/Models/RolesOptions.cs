using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Models;

/// <summary>
/// Which models look at uploads: by role the names of models, separated by commas, of which the environment's alias and rollout say the
/// version. Of a role with several models all of them look; an empty one is not done. Embedding and labels are: every search needs them.
/// </summary>
public sealed class RolesOptions : IValidatableObject
{
    /// <summary>Whose aliases and rollouts choose the versions; default prod. It must be one of the registry's.</summary>
    [Required]
    public string Environment { get; set; } = "prod";

    /// <summary>
    /// The first is the one that searches ask, and that cuts texts into the passages of the analysis; default text-embedding.
    /// </summary>
    [Required]
    public string TextEmbedding { get; set; } = "text-embedding";

    /// <summary>Default entities.</summary>
    public string Entities { get; set; } = "entities";

    /// <summary>Default topics.</summary>
    public string Topics { get; set; } = "topics";

    /// <summary>The first names what a picture's caption says; default image-labels.</summary>
    [Required]
    public string ImageLabels { get; set; } = "image-labels";

    /// <summary>The first is the one that searches ask; default image-embedding.</summary>
    [Required]
    public string ImageEmbedding { get; set; } = "image-embedding";

    /// <summary>Default things.</summary>
    public string Detection { get; set; } = "things";

    /// <summary>How long a model may take for one text or picture, waiting for its turn included; default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Share of the assets in the space that is searched which a new space must hold before searches turn to it; default 1, all. Lower lets
    /// a few assets that cannot be embedded anew not hold up the rest; they are then not found until they are.
    /// </summary>
    [Range(0.5, 1.0)]
    public double SwitchCoverage { get; set; } = 1;

    /// <summary>
    /// How long after searches have turned to a new space the one before is still written to, so that a rollback turns back at once;
    /// default 1 day. Meanwhile each text or picture is embedded twice.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan RollbackGrace { get; set; } = TimeSpan.FromDays(1);

    public IReadOnlyList<string> Of(ModelRole role)
    {
        string names = role switch
        {
            ModelRole.TextEmbedding => TextEmbedding,
            ModelRole.Entities => Entities,
            ModelRole.Topics => Topics,
            ModelRole.ImageLabels => ImageLabels,
            ModelRole.ImageEmbedding => ImageEmbedding,
            _ => Detection,
        };
        return names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The one whose vectors searches compare.</summary>
    public string Searched(ModelRole role) => Of(role)[0];

    /// <summary>The roles that a model is named for.</summary>
    public IEnumerable<ModelRole> RolesOf(string model) => Enum.GetValues<ModelRole>().Where(role => Of(role).Contains(model));

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (ModelRole role in Enum.GetValues<ModelRole>())
        {
            IReadOnlyList<string> models = Of(role);
            if (models.Distinct(StringComparer.Ordinal).Count() < models.Count)
            {
                yield return new($"{role} names a model twice; allowed is each model once.");
            }
            if (models.Count == 0 && (role.Embeds() || role == ModelRole.ImageLabels))
            {
                yield return new($"{role} names no model; it needs one.");
            }
        }
    }
}
