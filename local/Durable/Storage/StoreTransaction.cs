namespace Serverless.Local.Durable.Storage;

/// <summary>One transaction on one task hub. <see cref="Now"/> is in ticks and never less than in the transaction before it.</summary>
internal sealed record StoreTransaction(SqlSession Session, long Hub, long Now);

/// <summary>What is done last in every transaction; the action that it returns runs once the transaction is on disk.</summary>
internal interface ICommitStep
{
    Action Run(StoreTransaction transaction);
}
