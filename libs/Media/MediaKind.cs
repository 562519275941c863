using System.Text.Json.Serialization;

namespace Serverless.Media;

/// <summary>What an asset is, decided by its bytes and never by its name. Written by name wherever it is kept.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MediaKind>))]
public enum MediaKind
{
    Text,
    Image,
    Video,
}
