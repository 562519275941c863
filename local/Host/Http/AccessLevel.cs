namespace Serverless.Local.Host.Http;

/// <summary>Which keys open a route.</summary>
internal enum AccessLevel
{
    Function,
    Anonymous,
    System,
    Admin,
}
