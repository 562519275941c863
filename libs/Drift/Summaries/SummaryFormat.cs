using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Storage;

namespace Serverless.Drift.Summaries;

/// <summary>Summaries as compressed JSON, in which numbers may be NaN or infinite.</summary>
internal static class SummaryFormat
{
    /// <summary>Of one document, compressed: what the limits of summaries let a window take.</summary>
    public const int MaxBytes = 256 << 20;

    private static readonly JsonSerializerOptions Options = new(StoredJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new HalfVectorConverter() },
    };

    public static DocumentFormat<T> Of<T>() => new("application/gzip", Write, Read<T>);

    private static BinaryData Write<T>(T value)
    {
        using MemoryStream content = new();
        using (GZipStream compressed = new(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            JsonSerializer.Serialize(compressed, value, Options);
        }
        return new BinaryData(content.ToArray());
    }

    private static T Read<T>(BinaryData data)
    {
        using GZipStream compressed = new(data.ToStream(), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<T>(compressed, Options)
            ?? throw new JsonException($"A {typeof(T).Name} was expected, found null.");
    }
}
