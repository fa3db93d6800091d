"""Who writes for whom, and that nobody else gets to read it."""

from __future__ import annotations

import io
from itertools import product

import pytest
from flask import Flask
from PIL import Image
from werkzeug.datastructures import FileStorage

from backoffice.errors import IllegalMove, Invalid, NotFound
from backoffice.extensions import db
from backoffice.permissions import Role
from disputes import attachments, threads
from disputes.access import Reader
from disputes.models import Dispute
from disputes.threads import CHOICES, READERS, Audience
from disputes.vocabulary import Party, Stage, Status
from tests.factories.accounts import make_user
from tests.factories.disputes import BUYER, make_dispute, make_mediator, seller_of


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30)) -> bytes:
    """A picture that says where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, exif=exif)
    return out.getvalue()


def upload(content: bytes, name: str = "photo.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def readers_of(dispute: Dispute) -> dict[Party, Reader]:
    manager = Reader(Party.ACCOUNT_MANAGER, make_user(Role.ACCOUNT_MANAGER))
    observer = Reader(Party.OBSERVER, make_user(Role.CONTENT_EDITOR))
    return {
        Party.BUYER: BUYER,
        Party.SELLER: seller_of(dispute),
        Party.MEDIATOR: make_mediator(),
        Party.ACCOUNT_MANAGER: manager,
        Party.OBSERVER: observer,
    }


def test_a_message_is_loaded_for_its_audience_and_for_nobody_else(app: Flask) -> None:
    dispute = make_dispute()
    readers = readers_of(dispute)
    for author, choices in CHOICES.items():
        for audience in choices:
            message = threads.write(dispute, f"{author} to {audience}", readers[author], audience=audience)
            meant = READERS[audience] | {author}
            both = {Party.BUYER, Party.SELLER} <= meant
            for party, reader in readers.items():
                reads = message.id in [found.id for found in threads.messages_for(dispute, reader)]
                assert reads == (party in meant or (party is Party.OBSERVER and both)), (author, audience, party)


def test_nobody_writes_for_an_audience_that_is_not_offered_to_him(app: Flask) -> None:
    dispute = make_dispute()
    readers = readers_of(dispute)
    for party, audience in product(CHOICES, Audience):
        if audience not in CHOICES[party]:
            with pytest.raises(Invalid):
                threads.write(dispute, "hello", readers[party], audience=audience)
    with pytest.raises(IllegalMove):
        threads.write(dispute, "hello", readers[Party.OBSERVER])


def test_an_internal_note_and_its_attachment_do_not_exist_for_the_parties(app: Flask) -> None:
    dispute = make_dispute()
    mediator = make_mediator()
    note = threads.write(dispute, "odd", mediator, audience=Audience.INTERNAL, uploads=[upload(picture())])
    attachment = note.attachments[0]
    assert threads.attachment_for(dispute, attachment.id, mediator) is attachment
    for reader in (BUYER, seller_of(dispute)):
        assert note.id not in [message.id for message in threads.messages_for(dispute, reader)]
        with pytest.raises(NotFound):
            threads.attachment_for(dispute, attachment.id, reader)
    with pytest.raises(NotFound):
        threads.attachment_for(make_dispute(), attachment.id, mediator)


def test_the_other_party_reads_masked_words_and_the_mediator_the_original(app: Flask) -> None:
    dispute = make_dispute()
    seller = seller_of(dispute)
    message = threads.write(dispute, "Write to shop@mail.example", seller)
    assert threads.text_for(message, BUYER) == "Write to •••••"
    assert threads.text_for(message, make_mediator()) == "Write to shop@mail.example"
    assert threads.text_for(message, seller) == "Write to shop@mail.example"


def test_the_orders_own_numbers_are_not_masked(app: Flask) -> None:
    dispute = make_dispute()
    dispute.order.tracking_number = "0612345678"
    assert "0612345678" in threads.write(dispute, "Parcel 0612345678", seller_of(dispute)).masked_body


def test_the_vendors_answer_moves_the_dispute_on_and_a_word_to_the_marketplace_does_not(app: Flask) -> None:
    dispute = make_dispute()
    seller = seller_of(dispute)
    threads.write(dispute, "between us", seller, audience=Audience.MARKETPLACE)
    assert dispute.status is Status.WAITING_SELLER_RESPONSE
    assert dispute.first_response_at is None
    threads.write(dispute, "We are sorry.", seller)
    assert dispute.status is Status.WAITING_BUYER_RESPONSE
    assert dispute.seller_answered_at == dispute.first_response_at is not None
    threads.write(dispute, "And now?", BUYER)
    assert dispute.status is Status.WAITING_SELLER_RESPONSE


def test_in_a_claim_the_answer_goes_back_to_the_mediator(app: Flask) -> None:
    from disputes import resolution

    dispute = make_dispute(safety_risk=True)
    resolution.ask(dispute, Party.SELLER, "Which batch?", make_mediator())
    assert (dispute.status, dispute.stage) == (Status.WAITING_SELLER_RESPONSE, Stage.CLAIM)
    threads.write(dispute, "Batch 7", seller_of(dispute), audience=Audience.MARKETPLACE)
    assert dispute.status is Status.UNDER_REVIEW


@pytest.mark.parametrize("body", ["", "   \n", "x" * 10_001])
def test_empty_and_endless_messages_are_refused(app: Flask, body: str) -> None:
    with pytest.raises(Invalid):
        threads.write(make_dispute(), body, BUYER)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_without_what_it_carried(app: Flask, form: str) -> None:
    content, name, media_type = attachments.checked(picture(form) + b"<script>alert(1)</script>", "../x/photo.svg")
    assert b"script" not in content
    assert b"secret" not in content
    assert name == "photo" + (".jpg" if form == "JPEG" else ".png")
    with Image.open(io.BytesIO(content)) as clean:
        assert clean.size == (40, 30)
        assert not clean.getexif()
    assert media_type.startswith("image/")


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"<html>", b"MZ\x90", b"\x89PNG\r\n\x1a\nbroken"],
    ids=["empty", "svg", "html", "program", "broken picture"],
)
def test_what_is_neither_picture_nor_pdf_is_refused_by_its_content(app: Flask, content: bytes) -> None:
    with pytest.raises(Invalid):
        attachments.checked(content, "photo.png")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_read(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MAX_PIXELS", 1000)
    with pytest.raises(Invalid):
        attachments.checked(picture(), "photo.jpg")


def test_too_many_files_are_refused_and_nothing_is_written(app: Flask) -> None:
    dispute = make_dispute()
    with pytest.raises(Invalid):
        threads.write(dispute, "look", BUYER, uploads=[upload(picture()) for _file in range(attachments.MAX_FILES + 1)])
    db.session.rollback()
    assert len(threads.messages_for(dispute, BUYER)) == 1


def test_nothing_is_written_once_it_is_closed(app: Flask) -> None:
    dispute = make_dispute()
    dispute.status = Status.CLOSED
    with pytest.raises(IllegalMove), db.session.no_autoflush:
        threads.write(dispute, "too late", BUYER)
