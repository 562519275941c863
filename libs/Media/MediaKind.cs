namespace Serverless.Media;

/// <summary>What an asset is, decided by its bytes and never by its name.</summary>
public enum MediaKind
{
    Text,
    Image,
    Video,
}
