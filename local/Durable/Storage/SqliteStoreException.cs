namespace Serverless.Local.Durable.Storage;

/// <summary>SQLite refused a statement; <see cref="Code"/> is its result code.</summary>
internal sealed class SqliteStoreException(int code, string message) : Exception(message)
{
    public int Code => code;
}
