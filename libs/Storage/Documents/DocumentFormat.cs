using System.Text.Json;

namespace Serverless.Storage;

/// <summary>How a document is written as bytes and read back.</summary>
public sealed record DocumentFormat<T>(string ContentType, Func<T, BinaryData> Write, Func<BinaryData, T> Read)
{
    /// <summary>As <see cref="StoredJson"/> writes all records.</summary>
    public static DocumentFormat<T> Json { get; } = JsonWith(StoredJson.Options);

    public static DocumentFormat<T> JsonWith(JsonSerializerOptions options) =>
        new(
            StoredJson.ContentType,
            value => new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value, options)),
            data => JsonSerializer.Deserialize<T>(data, options) ?? throw new JsonException($"A {typeof(T).Name} was expected, found null.")
        );
}
