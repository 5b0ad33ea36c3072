/** A new thread of the service desk. */
import { NewThread } from '../inquiries/new.tsx';
import { useMe } from '../session.tsx';

export default function NewDeskThread() {
  const isHouse = useMe().agent === null;
  return (
    <NewThread
      root="/desk"
      title={isHouse ? 'desk.open_house' : 'desk.open_new'}
      back="desk.title"
      text={isHouse ? 'desk.new_text_house' : 'desk.new_text'}
    />
  );
}
