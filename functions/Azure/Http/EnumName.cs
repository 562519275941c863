namespace Serverless.Functions.Azure.Http;

/// <summary>Members of enums by their names alone; <see cref="Enum"/> reads numbers too, and adds up what stands between commas.</summary>
internal static class EnumName
{
    /// <summary>In any case; null where there is none of that name.</summary>
    public static T? Find<T>(string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } name
            ? Enum.Parse<T>(name)
            : null;
}
