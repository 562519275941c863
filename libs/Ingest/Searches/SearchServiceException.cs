namespace Serverless.Ingest.Searches;

/// <summary>A search service refused what it was asked, or could not be asked.</summary>
/// <param name="status">Of its answer; 0 where there was none.</param>
public sealed class SearchServiceException(string message, int status, Exception? inner = null) : Exception(message, inner)
{
    public int Status { get; } = status;

    /// <summary>Whether it is busy or away; anything else is a setting or a fault that trying again does not mend.</summary>
    public bool IsTransient => Status is 0 or 408 or 429 or >= 500;
}
