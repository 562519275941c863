namespace Serverless.Packages;

/// <summary>
/// A model package (or one of its files) is not what it must be. The message names the file, what was found and what is allowed; trying
/// again will not help.
/// </summary>
public class ModelRejectedException : Exception
{
    public ModelRejectedException(string message)
        : base(message) { }

    public ModelRejectedException(string message, Exception inner)
        : base(message, inner) { }
}
