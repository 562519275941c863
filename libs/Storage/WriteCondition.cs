namespace Serverless.Storage;

/// <summary>What must hold for a write to take effect; the store checks it at the moment the object appears.</summary>
public readonly record struct WriteCondition
{
    /// <summary>Write whatever is there.</summary>
    public static WriteCondition Always => default;

    /// <summary>Write only when there is no such object.</summary>
    public static WriteCondition IfAbsent => new() { MustBeAbsent = true };

    /// <summary>Write only over exactly this <see cref="StoredObject.Version"/>.</summary>
    public static WriteCondition IfMatch(string version)
    {
        ArgumentException.ThrowIfNullOrEmpty(version);
        return new() { Version = version };
    }

    internal bool MustBeAbsent { get; private init; }

    internal string? Version { get; private init; }

    /// <summary>The version as the header If-Match wants it.</summary>
    internal string? QuotedVersion => Version is null ? null : $"\"{Version}\"";

    public override string ToString() =>
        MustBeAbsent ? "if absent"
        : Version is null ? "always"
        : $"if version {Version}";
}
