using System.Text.Json;
using Serverless.Ingest.Documents;
using Serverless.Media;
using Serverless.Packages;

namespace Serverless.Ingest.Models;

/// <summary>What a model does for uploads.</summary>
public enum ModelRole
{
    TextEmbedding,
    Entities,
    Topics,
    ImageLabels,
    ImageEmbedding,
    Detection,
}

public static class ModelRoles
{
    /// <summary>Roles whose models look at pictures, be they images or keyframes; the first of them name what the caption says.</summary>
    public static IReadOnlyList<ModelRole> OfPictures { get; } =
    [ModelRole.ImageLabels, ModelRole.ImageEmbedding, ModelRole.Detection, ModelRole.TextEmbedding];

    public static IReadOnlyList<ModelRole> OfTexts { get; } = [ModelRole.TextEmbedding, ModelRole.Entities, ModelRole.Topics];

    public static IReadOnlyList<ModelRole> Of(MediaKind kind) => kind == MediaKind.Text ? OfTexts : OfPictures;

    /// <summary>Roles that an asset of a kind may need: a film may hold words.</summary>
    public static IEnumerable<ModelRole> NeededBy(MediaKind kind) => kind == MediaKind.Video ? OfPictures.Union(OfTexts) : Of(kind);

    /// <summary>Whose vectors lie in spaces of their own.</summary>
    public static bool Embeds(this ModelRole role) => role is ModelRole.TextEmbedding or ModelRole.ImageEmbedding;

    /// <summary>As documents and settings write it.</summary>
    public static string NameOf(this ModelRole role) => JsonNamingPolicy.CamelCase.ConvertName(role.ToString());

    public static ModelUse UseOf(this ModelRole role, ModelReference model) => new(role.NameOf(), model.Name, model.Version, model.Digest);
}
